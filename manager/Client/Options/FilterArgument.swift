internal import JSON

/// The values of `--filter name=value`.
enum FilterArgument {
  /// The `filters` parameter; `nil` if there are no filters.
  /// - Throws: ``ClientError/usage(_:)``.
  static func json(_ filters: [String]) throws(ClientError) -> String? {
    var values: [String: [String: Bool]] = [:]
    for filter in filters {
      let parts = filter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw .usage(
          "invalid argument \"\(filter)\" for \"-f, --filter\" flag: invalid filter '\(filter)': expected name=value")
      }
      values[parts[0].lowercased(), default: [:]][String(parts[1])] = true
    }
    return values.isEmpty ? nil : JSONWriter.string(values)
  }
}
