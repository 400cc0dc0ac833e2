internal import Glibc

// The C library's allocator in an Embedded build of `proa-runtime`: for a process of one thread that lives for milliseconds.
//
// Blocks are cut from an arena, one after the other, so that little memory is touched. What is freed waits in a list of its
// size for the next who asks for as much. Nothing is given back to the kernel before the process ends. The linker is told
// that these are `malloc`, `calloc`, `realloc`, `free` and `posix_memalign`: Swift keeps these names to itself.

@c(proa_allocate)
public func allocate(_ size: Int) -> UnsafeMutableRawPointer? { Heap.allocate(size) }

@c(proa_allocate_zeros)
public func allocateZeros(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer? {
  let (bytes, overflows) = count.multipliedReportingOverflow(by: size)
  guard !overflows, let block = Heap.allocate(bytes) else { return nil }
  block.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
  return block
}

@c(proa_reallocate)
public func reallocate(_ block: UnsafeMutableRawPointer?, _ size: Int) -> UnsafeMutableRawPointer? {
  guard let block else { return Heap.allocate(size) }
  let capacity = SizeClass(of: block).capacity
  if size <= capacity { return block }
  guard let larger = Heap.allocate(size) else { return nil }
  larger.copyMemory(from: block, byteCount: capacity)
  Heap.free(block)
  return larger
}

@c(proa_free)
public func free(_ block: UnsafeMutableRawPointer?) {
  if let block { Heap.free(block) }
}

/// What Swift itself asks for memory with.
@c(proa_allocate_aligned)
public func allocateAligned(
  _ block: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ alignment: Int, _ size: Int
) -> Int32 {
  guard alignment <= Heap.alignment else { return EINVAL }
  block.pointee = Heap.allocate(size)
  return block.pointee == nil ? ENOMEM : 0
}
