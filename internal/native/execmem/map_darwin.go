package execmem

func mappers() []mapper { return []mapper{{"mprotect", protect}} }
