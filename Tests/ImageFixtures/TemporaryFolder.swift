internal import LinuxKernel

/// A folder that is removed when it goes away.
package final class TemporaryFolder: Sendable {
  package let path: String

  package init() throws {
    path = "/tmp/proa-images-\(UInt64.random(in: .min ... .max))"
    try Directory.make(path)
  }

  deinit {
    // A test that left something mounted fails by its own check; here there is nobody to tell.
    try? Directory.removeTree(path)
  }
}
