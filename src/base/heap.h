// The heap of the process, where the C library is glibc; elsewhere nothing is done.
#pragma once

namespace daybook {

// To be called once, before there are threads. By itself the allocator gives many threads a heap
// each, and what one has freed no other takes: the process would hold the peaks of all of them
// together. And it takes ever larger pieces from its heaps, which hold on to what lies below the
// last that is in use.
void hold_little_memory();

// Gives the system back what is free between pieces that are in use. Others who ask for memory
// wait for it meanwhile, some milliseconds. Any thread.
void give_free_memory_back();

}  // namespace daybook
