import LinuxKernel
import Testing

struct DirectoryTests {
  /// There the kernel says that something is missing, whatever is made first.
  @Test func `where nobody can make anything is an error`() {
    for path in ["/proc/proa-test", "/proc/proa-test/below"] {
      let error = #expect(throws: SyscallError.self) { try Directory.make(path) }
      #expect(error?.errno == .noEntry)
    }
  }
}
