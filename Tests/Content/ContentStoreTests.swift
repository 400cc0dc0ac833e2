import Content
import ImageFixtures
import LinuxKernel
import OCIImageSpec
import Testing

struct ContentStoreTests {
  private let folder: TemporaryFolder
  private let store: ContentStore
  private let text = Array("some content".utf8)

  init() throws {
    folder = try TemporaryFolder()
    store = try ContentStore(root: folder.path)
  }

  private func write(_ bytes: [UInt8], expecting digest: Digest? = nil, size: Int64? = nil) throws -> Digest {
    let writer = try store.ingest()
    for byte in bytes { try writer.write([byte]) }
    return try writer.commit(expecting: digest, size: size)
  }

  private var partial: [String] { get throws { try Directory.names("\(folder.path)/ingest") } }

  @Test func aBlobIsFoundUnderItsDigest() throws {
    let digest = try write(text)
    #expect(digest == ImageArchive.digest(text))
    #expect(try store.read(digest) == text)
    #expect(try store.size(digest) == Int64(text.count))
    #expect(try store.list() == [digest])
    #expect(try Directory.names("\(folder.path)/sha256/\(digest.encoded.prefix(2))") == [digest.encoded])
  }

  @Test func theSameBlobTwiceIsOne() throws {
    #expect(try write(text) == write(text))
    #expect(try store.list().count == 1)
    #expect(try partial == [])
  }

  @Test func whatDoesNotHaveTheDigestIsThrownAway() throws {
    let expected = Digest.ofNothing
    #expect(throws: ContentError.digestMismatch(expected: expected, actual: ImageArchive.digest(text))) {
      try write(text, expecting: expected)
    }
    #expect(try store.list() == [])
    #expect(try partial == [])
  }

  @Test func whatDoesNotHaveTheSizeIsThrownAway() throws {
    #expect(throws: ContentError.sizeMismatch(expected: 1, actual: 12)) { try write(text, size: 1) }
    #expect(try partial == [])
  }

  @Test func aWriterThatIsDroppedLeavesNothing() throws {
    do { try store.ingest().write(text) }
    #expect(try partial == [])
  }

  @Test func partialBlobsOfAKilledProcessAreRemoved() throws {
    try AtomicFile.write(text, to: "\(folder.path)/ingest/123", durability: .visible)
    try store.removePartial()
    #expect(try partial == [])
  }

  @Test func aBlobIsRemovedOnce() throws {
    let digest = try write(text)
    #expect(try store.remove(digest))
    #expect(try !store.remove(digest))
    #expect(throws: ContentError.notFound(digest)) { try store.read(digest) }
    #expect(throws: ContentError.notFound(digest)) { try store.size(digest) }
  }

  @Test func aBlobThatIsTooLongForMemoryIsRefused() throws {
    let digest = try write(text)
    #expect(throws: ContentError.tooLarge(digest, size: 12, limit: 11)) { try store.read(digest, limit: 11) }
  }

  @Test func filesWithOtherNamesAreNoBlobs() throws {
    try Directory.make("\(folder.path)/sha256/zz")
    try AtomicFile.write(text, to: "\(folder.path)/sha256/zz/zzz", durability: .visible)
    #expect(try store.list() == [])
  }

  @Test func aBlobIsGoneOnWith() throws {
    let digest = ImageArchive.digest(text)
    try store.resume(digest).write(Array(text.prefix(4)))
    let writer = try store.resume(digest)
    #expect(writer.size == 4)
    try writer.write(Array(text.dropFirst(4)))
    try writer.seal(expecting: digest, size: Int64(text.count))
    #expect(try !store.contains(digest))
    #expect(try store.openArrived(digest).readAll() == text)
    try store.adopt(digest)
    #expect(try store.read(digest) == text)
    #expect(try partial == [])
    try store.adopt(digest)
  }

  @Test func aBlobCanBeBegunAgain() throws {
    let digest = ImageArchive.digest(text)
    let writer = try store.resume(digest)
    try writer.write(Array("other".utf8))
    try writer.restart()
    try writer.write(text)
    try writer.seal(expecting: digest, size: Int64(text.count))
  }

  @Test func nothingIsLeftOfAResumedBlobThatIsAnother() throws {
    let digest = ImageArchive.digest(text)
    let writer = try store.resume(digest)
    try writer.write(Array("other".utf8))
    #expect(throws: ContentError.self) { try writer.seal(expecting: digest, size: 5) }
    #expect(try partial == [])
    #expect(throws: ContentError.notFound(digest)) { try store.adopt(digest) }
  }

  @Test func onlyWhatCanBeGoneOnWithIsKept() throws {
    let digest = ImageArchive.digest(text)
    try store.resume(digest).write(text)
    try AtomicFile.write(text, to: "\(folder.path)/ingest/1234")
    try store.removePartial(olderThan: 0)
    #expect(try partial == [digest.encoded])
    try store.removePartial()
    #expect(try partial == [])
  }
}
