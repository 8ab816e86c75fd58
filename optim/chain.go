package optim

// Chain is a, then b on what a gave. Longer chains are chains of chains.
func Chain[A, B any](a Transformation[A], b Transformation[B]) Transformation[ChainState[A, B]] {
	return chain[A, B]{a, b}
}

// ChainState is the states of both.
type ChainState[A, B any] struct {
	First  A
	Second B
}

type chain[A, B any] struct {
	first  Transformation[A]
	second Transformation[B]
}

func (c chain[A, B]) Init(params Value) ChainState[A, B] {
	return ChainState[A, B]{c.first.Init(params), c.second.Init(params)}
}

func (c chain[A, B]) Update(
	grad Value, s ChainState[A, B], params Value,
) (Value, ChainState[A, B]) {
	update, first := c.first.Update(grad, s.First, params)
	update, second := c.second.Update(update, s.Second, params)
	return update, ChainState[A, B]{first, second}
}
