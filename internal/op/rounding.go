package op

import (
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Roundings are constant between their steps: their derivatives are zero.

// Floor is the greatest integral float that is not above x.
func Floor(x Value) Value { return record.Apply1(elementwise[floor]{}, x) }

type floor struct{ noTangent }

var _ record.Primitive = elementwise[floor]{}

func (floor) Name() string                                      { return "floor" }
func (floor) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (floor) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Floor(in[0]) }

// Ceil is the least integral float that is not below x.
func Ceil(x Value) Value { return record.Apply1(elementwise[ceil]{}, x) }

type ceil struct{ noTangent }

var _ record.Primitive = elementwise[ceil]{}

func (ceil) Name() string                                      { return "ceil" }
func (ceil) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (ceil) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Ceil(in[0]) }

// Trunc is x without its fraction.
func Trunc(x Value) Value { return record.Apply1(elementwise[trunc]{}, x) }

type trunc struct{ noTangent }

var _ record.Primitive = elementwise[trunc]{}

func (trunc) Name() string                                      { return "trunc" }
func (trunc) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (trunc) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Trunc(in[0]) }

// Round is the nearest integral float, the even one of two.
func Round(x Value) Value { return record.Apply1(elementwise[round]{}, x) }

type round struct{ noTangent }

var _ record.Primitive = elementwise[round]{}

func (round) Name() string                                      { return "round" }
func (round) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (round) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Round(in[0]) }
