internal import ArgumentParser

/// Options of `run` and `exec` about the client's part in what runs.
struct DetachOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Run in the background")
  var detach = false
  @Option(name: .long, parsing: .unconditional, help: "Override the key sequence for detaching")
  var detachKeys: String?

  /// - Throws: ``ClientError/usage(_:)``.
  func keys() throws(ClientError) -> DetachKeys {
    try detachKeys.map { text throws(ClientError) in try DetachKeys(text) } ?? .standard
  }
}
