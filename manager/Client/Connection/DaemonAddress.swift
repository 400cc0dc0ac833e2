/// Where the daemon listens.
struct DaemonAddress: Equatable {
  static let standard = "unix:///run/proa/proa.sock"

  /// The path of the unix socket.
  let path: String

  /// - Parameters:
  ///   - option: the value of `-H`, if there is one.
  ///   - environment: `PROA_HOST` and `DOCKER_HOST` count in this order when there is none.
  /// - Throws: ``ClientError/usage(_:)``.
  init(option: String?, environment: (String) -> String?) throws(ClientError) {
    let text = [option, environment("PROA_HOST"), environment("DOCKER_HOST")].compactMap(\.self).first { !$0.isEmpty }
    try self.init(text ?? Self.standard)
  }

  init(_ text: String) throws(ClientError) {
    let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == "unix", parts[1].hasPrefix("/") else {
      throw .usage("cannot connect to \"\(text)\": only unix:///absolute/path is supported yet")
    }
    path = String(parts[1])
  }
}

extension DaemonAddress: CustomStringConvertible {
  var description: String { "unix://" + path }
}
