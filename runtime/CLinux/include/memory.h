// Memory that can be had again for the asking: given back to the kernel while a process idles.
#pragma once

#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>

extern const char __executable_start[];
extern const char etext[];

static inline uintptr_t proa_page_after(uintptr_t address) { return (address + 4095) & ~(uintptr_t)4095; }

// Free heap, pages of the program's own code (read from its file again when they run), and the dead part of the stack:
// what is below this frame, but for two pages that this call itself may need.
static inline void proa_release_memory(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
  uintptr_t code = proa_page_after((uintptr_t)__executable_start);
  uintptr_t code_end = (uintptr_t)etext & ~(uintptr_t)4095;
  if (code < code_end) madvise((void *)code, code_end - code, MADV_DONTNEED);
  uintptr_t stack_end = proa_page_after((uintptr_t)__builtin_frame_address(0)) - 3 * 4096;
  // The kernel keeps a gap of a megabyte below a stack: the range meets no other mapping.
  madvise((void *)(stack_end - (256 << 10)), 256 << 10, MADV_DONTNEED);
}

#define PROA_FIRST_MEMORY_SIZE 8192

// Zeros that cost nothing before they are touched. In one place of the program only: every file that calls this has its own.
static inline void *proa_first_memory(void) {
  static char memory[PROA_FIRST_MEMORY_SIZE] __attribute__((aligned(16)));
  return memory;
}

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

// Zeros, or null. The first `soon` bytes are there at once, which costs less than a page fault for every page.
static inline void *proa_map_memory(size_t size, size_t soon) {
  void *start = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) return NULL;
  madvise(start, soon, MADV_POPULATE_WRITE);
  return start;
}
