/// Records that are about to be written, and where each ends. Keeps its memory from one use to the next: a program that
/// writes a lot is not to pay for fresh pages.
package final class RecordBatch {
  /// Bytes of all records.
  package private(set) var count = 0
  private(set) var ends: [Int] = []
  private var memory: UnsafeMutableRawPointer?
  private var capacity = 0

  /// Bytes from which on a batch is better written.
  static let enough = 128 << 10

  package init() {}

  deinit { memory?.deallocate() }

  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory, count: count) }

  package func add(_ piece: LogPiece, _ stream: OutputStream, _ format: any LogFormat) {
    let target = reserve(format.bound(piece.bytes.count))
    count += format.write(piece, stream, to: target)
    ends.append(count)
  }

  /// Records that are laid out already.
  func add(_ records: UnsafeRawBufferPointer, lengths: [Int]) {
    guard let start = records.baseAddress else { return }
    reserve(records.count).copyMemory(from: start, byteCount: records.count)
    for length in lengths {
      count += length
      ends.append(count)
    }
  }

  package func removeAll() {
    count = 0
    ends.removeAll(keepingCapacity: true)
  }

  /// Gives back what is only kept for the next use.
  /// - Precondition: empty.
  func releaseMemory() {
    memory?.deallocate()
    memory = nil
    capacity = 0
    ends = []
  }

  /// - Returns: where the next `size` bytes go.
  private func reserve(_ size: Int) -> UnsafeMutableRawPointer {
    if let memory, count + size <= capacity { return memory + count }
    let larger = max(count + size, RecordBatch.enough * 2)
    let grown = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
    if let memory {
      grown.copyMemory(from: memory, byteCount: count)
      memory.deallocate()
    }
    memory = grown
    capacity = larger
    return grown + count
  }
}

// MARK: - Where records end

extension RecordBatch {
  /// How many records end after `offset`.
  func records(after offset: Int) -> Int { ends.count - index(ofEndAfter: offset) }

  /// Where the last record ends that ends at `offset` or before it.
  func lastEnd(upTo offset: Int) -> Int {
    let index = index(ofEndAfter: offset)
    return index == 0 ? 0 : ends[index - 1]
  }

  /// Where the first record ends that ends at `offset` or after it; the end of all if there is none.
  func firstEnd(from offset: Int) -> Int {
    let index = index(ofEndAfter: offset - 1)
    return index == ends.count ? count : ends[index]
  }

  private func index(ofEndAfter offset: Int) -> Int {
    var (low, high) = (0, ends.count)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] > offset { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
