/// Values of options like `--label name=value`.
enum KeyValueArguments {
  /// The last one of a name counts; one without a value is empty.
  static func pairs(_ texts: [String]) -> [String: String] {
    let pairs = texts.map { $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init) }
    return Dictionary(pairs.map { ($0[0], $0.count > 1 ? $0[1] : "") }) { $1 }
  }
}
