internal import CLinux

/// Where blocks come from.
enum Heap {
  /// What every block is aligned to, and how many bytes before it hold its ``SizeClass``.
  static let alignment = 16

  /// How much the kernel is asked for at a time.
  private static let arenaSize = 1 << 20

  /// How much of that is used by a container's creation.
  private static let usualSize = 48 << 10

  /// The part of the arena that nobody has had yet.
  nonisolated(unsafe) private static var next = UnsafeMutableRawPointer(bitPattern: 0)
  nonisolated(unsafe) private static var left = 0
  /// For every size the first of its free blocks, which names the next.
  nonisolated(unsafe) private static var lists = FreeLists()

  static func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    guard let sizeClass = SizeClass(size) else { return nil }
    if let block = lists[sizeClass] {
      lists[sizeClass] = block.load(as: UnsafeMutableRawPointer?.self)
      return block
    }
    guard let start = cut(alignment + sizeClass.capacity) else { return nil }
    start.storeBytes(of: sizeClass.index, as: Int.self)
    return start + alignment
  }

  static func free(_ block: UnsafeMutableRawPointer) {
    let sizeClass = SizeClass(of: block)
    block.storeBytes(of: lists[sizeClass], as: UnsafeMutableRawPointer?.self)
    lists[sizeClass] = block
  }

  private static func cut(_ size: Int) -> UnsafeMutableRawPointer? {
    if size > left {
      // The first memory is the program's own, and enough to start the program again.
      let first = Int(PROA_FIRST_MEMORY_SIZE)
      let isFirst = next == nil && size <= first
      let wanted = isFirst ? first : max(size, arenaSize)
      guard let arena = isFirst ? proa_first_memory() : proa_map_memory(wanted, usualSize) else { return nil }
      (next, left) = (arena, wanted)
    }
    guard let start = next else { return nil }
    next = start + size
    left -= size
    return start
  }
}
