internal import CBuildFacts

/// What this is a version of, and what it was built from.
enum Version {
  static let text = "0.1.0"

  /// Empty if it was not built by `hack/build`.
  static var commit: String { String(cString: proa_git_commit()) }

  /// RFC 3339; empty if it was not built by `hack/build`.
  static var builtAt: String { String(cString: proa_build_time()) }
}
