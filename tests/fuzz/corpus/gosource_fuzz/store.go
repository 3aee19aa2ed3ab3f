package store

import (
	"fmt"
	"testing"
)

var (
	record = make([]byte, 4096)
	kept   []byte
)

func keys(count int) []string {
	all := make([]string, count)
	for i := range all {
		all[i] = fmt.Sprintf("record-%d", i)
	}
	return all
}

func BenchmarkPut(b *testing.B) {
	s, all := New(), keys(64)
	for _, key := range all {
		s.Put(key, record)
	}
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		s.Put(all[i%len(all)], record)
	}
}

func BenchmarkGet(b *testing.B) {
	s, all := New(), keys(64)
	for _, key := range all {
		s.Put(key, record)
	}
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		kept = s.Get(all[i%len(all)])
	}
}
