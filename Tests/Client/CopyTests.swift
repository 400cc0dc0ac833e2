import Testing

@testable import Client

struct CopyTests {
  @Test(
    arguments: [
      ("it:/path", .container("it", path: "/path")), ("it:", .container("it", path: "")), ("./it:x", .local("./it:x")),
      ("/it:x", .local("/it:x")), ("file", .local("file")), ("-", .local("-")), (":x", .local(":x")),
    ] as [(String, CopyPlace)])
  func `a colon makes a container of what is before it`(text: String, place: CopyPlace) {
    #expect(CopyPlace(text) == place)
  }

  @Test(
    arguments: [
      ("/a/b", true, false, "/a/b", nil), ("/a/b", true, true, "/a/b", nil), ("/a/b", false, false, "/a/", "b"),
      ("/a/b", nil, false, "/a/", "b"), ("/a/b/", nil, true, "/a/", "b"), ("b", nil, true, ".", "b"),
      ("/b", nil, true, "/", "b"),
    ] as [(String, Bool?, Bool, String, String?)])
  func `where a copy goes`(path: String, there: Bool?, source: Bool, directory: String, name: String?) throws {
    let target = try CopyTarget(path, isDirectory: there, sourceIsDirectory: source)
    #expect(target.directory == directory && target.name == name)
  }

  @Test(
    arguments: [("/a/b", false, true, "cannot copy directory"), ("/a/b/", nil, false, "no such directory")]
      as [(String, Bool?, Bool, String)])
  func `what cannot be copied`(path: String, there: Bool?, source: Bool, message: String) {
    #expect(throws: ClientError.failed(message)) {
      _ = try CopyTarget(path, isDirectory: there, sourceIsDirectory: source)
    }
  }
}
