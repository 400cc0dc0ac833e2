internal import LinuxKernel

/// The version of the specification that a configuration is written for (config.md §Specification version).
struct SpecVersion {
  /// Of version 1.
  let minor: Int

  /// `nil` for what is no version 1.x.y.
  init?(_ text: String) {
    let parts = text.fields(".", keepingEmpty: true)
    guard parts.count >= 3, parts[0] == "1", let minor = Int(parts[1]) else { return nil }
    self.minor = minor
  }

  /// Up to version 1.2 the failure of a poststart hook is a warning, and all goes on (runtime.md §Lifecycle, step 9).
  var ignoresPoststartFailures: Bool { minor < 3 }
}
