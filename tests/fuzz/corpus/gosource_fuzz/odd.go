func BenchmarkX(b *testing.B) { f(( ]
const ( a = iota; b )
var (
x = `a
b` // c
)
func (t *T[K]) m() {}
type T[K any] struct{}
)}