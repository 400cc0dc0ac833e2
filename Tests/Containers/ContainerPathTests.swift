import Testing

@testable import Containers

struct ContainerPathTests {
  @Test(
    arguments: [
      ("/d/f", "/d", "f", "f"), ("d/f", "/d", "f", "f"), ("/d", "/", "d", "d"), ("/d/", "/d", nil, "d"),
      ("/d/.", "/d", nil, "."), ("/d/./", "/d", nil, "."), ("/", "/", nil, "/"), ("", "/", nil, "/"),
      ("/d/../../e//f", "/e", "f", "f"), ("/..", "/", nil, "/"), (".", "/", nil, "."),
    ] as [(String, String, String?, String)])
  func `a path is read as Docker reads it`(text: String, directory: String, entry: String?, name: String) {
    let path = ContainerPath(text)
    #expect(path.directory == directory && path.entry == entry && path.name == name)
  }
}
