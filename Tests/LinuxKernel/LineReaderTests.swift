import Foundation
import LinuxKernel
import Testing

@Suite struct LineReaderTests {
  private func lines(of text: String) throws -> [String] {
    let path = FileManager.default.temporaryDirectory.appending(path: "proa-lines-\(UUID().uuidString)").path
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    defer { #expect(throws: Never.self) { try Directory.removeTree(path) } }
    var reader = try LineReader(path)
    var lines: [String] = []
    while let line = try reader.next() { lines.append(line) }
    return lines
  }

  @Test(arguments: [
    ("", []), ("a\nb\n", ["a", "b"]), ("a\n\nb", ["a", "", "b"]), ("\n", [""]),
    (String(repeating: "x", count: 10_000) + "\nend", [String(repeating: "x", count: 10_000), "end"]),
    (String(repeating: "y", count: 4095) + "\nz\n", [String(repeating: "y", count: 4095), "z"]),
    (String(repeating: "y", count: 4096) + "\nz\n", [String(repeating: "y", count: 4096), "z"]),
  ])
  func everyLineIsHandedOut(text: String, expected: [String]) throws { #expect(try lines(of: text) == expected) }

  @Test func aFileThatIsNotThereIsNamed() {
    let path = "/nonexistent/file"
    #expect(throws: SyscallError("open", path, errno: .noEntry)) { _ = try LineReader(path) }
  }
}
