package native

import "pullback/internal/lane"

// rarely translates a loop that Builder.Unless made: what is in it runs if a lane of the gang, or
// one that it lacks, is not ordinary. It is kept behind the rest of the code, and nothing of it is
// computed before. It needs no fuel: there is no way back.
func (s *selector) rarely(w *lane.While) error {
	ordinary := s.values[w.Init[0]]
	s.values[w.State[0]] = ordinary
	states := s.enter(w.State[1:], w.Init[1:])
	i := s.pseudo(unlikely)
	i.also, i.imm = ordinary.parts, ordinary.size
	if err := s.block(w.Cond); err != nil {
		return err
	}
	outer, masked := s.mask, s.varies[w.Test]
	if masked {
		s.mask = s.loopMask(outer)
		s.restrict(w.Test)
	}
	if err := s.block(w.Body); err != nil {
		return err
	}
	s.advance(w.Next[1:], states, masked)
	s.pseudo(likely)
	s.mask = outer
	return nil
}
