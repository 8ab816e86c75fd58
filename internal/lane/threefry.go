package lane

import "pullback/ir"

// Threefry2x32 is the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random
// numbers: as easy as 1, 2, 3" (SC 2011), with 20 rounds: the 64-bit block (x0, x1) encrypted
// under the key. All are Uint32.
func (b *Builder) Threefry2x32(key0, key1, x0, x1 Value) (y0, y1 Value) {
	const parity = 0x1BD11BDA // Skein's constant, so that a key of zeros is no fixed point
	t := ir.Uint32
	keys := [3]Value{key0, key1, b.Xor(b.Xor(key0, key1), b.Bits(t, parity))}
	rotations := [2][4]uint64{{13, 15, 26, 6}, {17, 29, 16, 24}}
	x0, x1 = b.Add(x0, keys[0]), b.Add(x1, keys[1])
	for group := range 5 {
		for _, r := range rotations[group%2] {
			x0 = b.Add(x0, x1)
			x1 = b.Or(b.ShiftLeft(x1, b.Bits(t, r)), b.ShiftRight(x1, b.Bits(t, 32-r)))
			x1 = b.Xor(x1, x0)
		}
		x0 = b.Add(x0, keys[(group+1)%3])
		x1 = b.Add(b.Add(x1, keys[(group+2)%3]), b.Bits(t, uint64(group)+1))
	}
	return x0, x1
}
