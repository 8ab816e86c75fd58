#include "textflag.h"

// func call(entry uintptr, arg unsafe.Pointer)
TEXT ·call(SB), NOSPLIT|NOFRAME, $0-16
	MOVQ entry+0(FP), AX
	MOVQ arg+8(FP), DI
	JMP  AX // which returns to our caller
