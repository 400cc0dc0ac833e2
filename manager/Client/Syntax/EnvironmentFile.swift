/// The lines of `--env-file` and `--label-file`.
enum EnvironmentFile {
  /// - Parameter inherited: the client's own variables, for lines that only name one.
  /// - Throws: ``ClientError/usage(_:)`` that names the line.
  static func parse(
    _ text: String, path: String, inherited: (String) -> String? = { _ in nil }
  ) throws(ClientError) -> [String] {
    var result: [String] = []
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.drop { $0 == " " || $0 == "\t" }
      guard !line.isEmpty, line.first != "#" else { continue }
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = parts[0]
      guard !name.isEmpty else {
        throw .usage("invalid environment file (\(path)): no variable name on line '\(line)'")
      }
      guard !name.contains(where: { $0 == " " || $0 == "\t" }) else {
        throw .usage("invalid environment file (\(path)): variable '\(name)' contains whitespaces")
      }
      if parts.count > 1 {
        result.append(String(line))
      } else if let value = inherited(String(name)) {
        result.append("\(name)=\(value)")
      }
    }
    return result
  }
}
