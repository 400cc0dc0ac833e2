import Testing

@testable import Rootfs

@Suite struct RootPathTests {
  @Test(arguments: [
    ("/", "/"), ("", "/"), ("/a/b", "/a/b"), ("a//b/", "/a/b"), ("/a/../b", "/b"), ("/../../etc", "/etc"),
    ("/./a/.", "/a"),
  ]) func cleaning(_ path: String, _ clean: String) {
    #expect(RootPath(path).text == clean)
  }

  @Test(arguments: [
    ("/a/link", "/etc/x", "/etc/x"), ("/a/link", "x", "/a/x"), ("/a/link", "../../../x", "/x"), ("/link", ".", "/"),
  ]) func followingLinks(_ path: String, _ target: String, _ result: String) {
    #expect(RootPath(path).following(target).text == result)
  }

  @Test func containment() {
    #expect(RootPath("/proc/sys").isWithin(RootPath("/proc")))
    #expect(!RootPath("/process").isWithin(RootPath("/proc")))
  }
}
