/// The sizes that blocks come in: multiples of 16 bytes up to 512, then powers of two.
struct SizeClass {
  static let count = 64
  private static let smallest = 16, steps = 32

  let index: Int

  /// The smallest that holds `size` bytes; `nil` if none does.
  init?(_ size: Int) {
    if size <= Self.smallest * Self.steps {
      guard size >= 0 else { return nil }
      index = size <= Self.smallest ? 0 : (size - 1) / Self.smallest
      return
    }
    guard size <= 1 << 39 else { return nil }
    // 513 to 1024 bytes are the first of the powers.
    index = Self.steps + (Int.bitWidth - (size - 1).leadingZeroBitCount) - 10
  }

  /// That of a block, which stands before it.
  init(of block: UnsafeMutableRawPointer) { index = (block - Heap.alignment).load(as: Int.self) }

  /// How many bytes its blocks hold.
  var capacity: Int { index < Self.steps ? (index + 1) * Self.smallest : 1024 << (index - Self.steps) }
}

/// A pointer for every ``SizeClass``.
struct FreeLists {
  private var heads = InlineArray<64, UnsafeMutableRawPointer?>(repeating: nil)

  subscript(_ sizeClass: SizeClass) -> UnsafeMutableRawPointer? {
    get { heads[sizeClass.index] }
    set { heads[sizeClass.index] = newValue }
  }
}
