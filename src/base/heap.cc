#include "base/heap.h"

#include <malloc.h>

namespace daybook {

void hold_little_memory() {
#ifdef M_ARENA_MAX
  constexpr int kReturnedWhenFreed = 256 << 10;
  // A third takes a tenth more posts of one row, and 20 MB.
  constexpr int kHeaps = 2;
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
