#include "base/heap.h"

#include <malloc.h>

namespace daybook {

void hold_little_memory() {
#ifdef M_ARENA_MAX
  constexpr int kReturnedWhenFreed = 256 << 10;
  // The socket thread frees what workers have made, for the writer's rows it is the other way
  // round: with two heaps they wait for each other.
  constexpr int kHeaps = 3;
  mallopt(M_ARENA_MAX, kHeaps);
  mallopt(M_MMAP_THRESHOLD, kReturnedWhenFreed);
#endif
}

void give_free_memory_back() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace daybook
