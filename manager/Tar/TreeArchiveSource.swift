/// An archive of a tree as it is made.
package final class TreeArchiveSource: ByteSource {
  private let archive: TreeArchive
  private var piece: ArraySlice<UInt8> = []

  package init(_ archive: TreeArchive) { self.archive = archive }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    if piece.isEmpty { piece = try archive.next().map { $0[...] } ?? [] }
    let count = min(buffer.count, piece.count)
    buffer.copyBytes(from: piece.prefix(count))
    piece = piece.dropFirst(count)
    return count
  }
}
