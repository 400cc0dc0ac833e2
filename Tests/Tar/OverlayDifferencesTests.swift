import Testing

@testable import Tar

struct OverlayDifferencesTests {
  @Test(arguments: [("a", ".wh.a"), ("a/b", "a/.wh.b"), ("a/b/c d", "a/b/.wh.c d")])
  func whatIsGoneHasAMark(_ path: String, _ mark: String) {
    #expect(OverlayDifferences.whiteout(of: Array(path.utf8)) == Array(mark.utf8))
  }

  @Test func aDirectoryIsEmptiedInside() {
    #expect(OverlayDifferences.whiteoutOfAll(in: Array("a/b".utf8)) == Array("a/b/.wh..wh..opq".utf8))
  }
}
