import Glibc
import LinuxKernel
import Testing

@Suite struct TreePositionTests {
  /// Runs `body` at a/b/c of a new tree.
  private func inTree(_ body: (_ root: String, TreePosition) throws -> Void) throws {
    let root = "/tmp/proa-tree-position-\(UInt64.random(in: .min ... .max))"
    defer { #expect(throws: Never.self) { try Directory.removeTree(root) } }
    try Directory.make("\(root)/a/b/c")
    let position = try TreePosition(try FileDescriptor.open(root, [.readOnly, .directory]))
    for name in ["a", "b", "c"] { #expect(try position.enter(Array(name.utf8CString))) }
    try body(root, position)
  }

  /// Where it is by the kernel's account, from the root on.
  private func place(_ position: TreePosition, _ root: String) throws -> String? {
    var path = [CChar](repeating: 0, count: 4096)
    let count = readlink(position.directory.procPath, &path, path.count - 1)
    try #require(count >= root.utf8.count)
    let text = String(decoding: path[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    return position.isThere ? String(text.dropFirst(root.count)) : nil
  }

  @Test func itGoesDownAndUp() throws {
    try inTree { root, position in
      #expect(try place(position, root) == "/a/b/c")
      #expect(try !position.enter(Array("nosuch".utf8CString)) && !position.enter(Array("below".utf8CString)))
      #expect(try place(position, root) == nil)
      for expected in [nil, "/a/b/c", "/a/b", "/a", ""] {
        try position.leave()
        #expect(try place(position, root) == expected)
      }
      #expect(position.isRoot)
    }
  }

  @Test func linksAreNoDirectories() throws {
    try inTree { root, position in
      for (name, target) in [("up", ".."), ("out", "/tmp"), ("down", "a")] {
        #expect(symlink(target, "\(root)/a/b/c/\(name)") == 0)
        #expect(try !position.enter(Array(name.utf8CString)))
        try position.leave()
      }
    }
  }

  @Test func whoIsMovedComesBack() throws {
    try inTree { root, position in
      try Directory.make("\(root)/elsewhere")
      try Directory.move("\(root)/a/b/c", to: "\(root)/elsewhere/c")
      try position.leave()
      #expect(try place(position, root) == "/a/b")
    }
  }

  @Test func nobodyIsLedOut() throws {
    let outside = "/tmp/proa-tree-position-outside-\(UInt64.random(in: .min ... .max))"
    defer { #expect(throws: Never.self) { try Directory.removeTree(outside) } }
    try Directory.make(outside)
    try inTree { root, position in
      try Directory.move("\(root)/a/b", to: "\(outside)/b")
      for _ in ["c", "b"] { try position.leave() }
      #expect(try place(position, root) == "/a")
      try position.leave()
      #expect(position.isRoot && position.isThere)
    }
  }
}
