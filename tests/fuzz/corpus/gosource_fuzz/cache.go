package cache

import (
	"encoding/binary"
	"fmt"
	"sort"
	"testing"
	"time"
)

func documents(count, size int) [][]byte {
	all := make([][]byte, count)
	for i := range all {
		all[i] = make([]byte, size)
		binary.LittleEndian.PutUint64(all[i], uint64(i)+1)
	}
	return all
}

func filled(limit int) (*LRU, []uint64) {
	cache := New(limit)
	keys := make([]uint64, limit)
	for i, document := range documents(limit, 64) {
		keys[i] = cache.Put(document)
	}
	return cache, keys
}

func TestDropsTheOldest(t *testing.T) {
	cache, keys := filled(3)
	cache.Get(keys[0])
	cache.Put(make([]byte, 64))
	if !cache.Get(keys[0]) || cache.Get(keys[1]) {
		t.Fatal("the wrong document was dropped")
	}
}

var sinkBool bool

func BenchmarkGet(b *testing.B) {
	for _, entries := range []int{100, 4000} {
		b.Run(fmt.Sprintf("entries=%d", entries), func(b *testing.B) {
			cache, keys := filled(entries)
			b.ResetTimer()
			for i := 0; i < b.N; i++ {
				sinkBool = cache.Get(keys[i*7%len(keys)])
			}
		})
	}
}

func BenchmarkPut(b *testing.B) {
	cache := New(200)
	all := documents(400, 4096)
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		cache.Put(all[i%len(all)])
	}
}

// The 95th percentile of single lookups, beside their mean.
func BenchmarkLookup(b *testing.B) {
	cache, keys := filled(2000)
	took := make([]time.Duration, b.N)
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		start := time.Now()
		sinkBool = cache.Lookup(keys[i*7%len(keys)])
		took[i] = time.Since(start)
	}
	b.StopTimer()
	sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
	b.ReportMetric(float64(took[len(took)*95/100].Nanoseconds()), "p95-ns/op")
}

func BenchmarkDrain(b *testing.B) {
	queue := NewQueue(256)
	items := 0
	b.ResetTimer()
	start := time.Now()
	for i := 0; i < b.N; i++ {
		for key := uint64(0); key < 200; key++ {
			queue.Push(key)
		}
		items += queue.Drain()
	}
	b.ReportMetric(float64(items)/time.Since(start).Seconds(), "items/s")
}
