internal import JSON

/// A platform as the API takes it where it is to be no other: `linux/arm64/v8` as JSON.
enum PlatformArgument {
  static func json(_ text: String) throws(ClientError) -> String {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
      throw .failed("invalid platform: \"\(text)\": expected OS/ARCHITECTURE[/VARIANT]")
    }
    let members = zip(["os", "architecture", "variant"], parts).map { ($0, JSONValue.string($1)) }
    return JSONWriter.string(JSONValue.object(JSONObject(members)))
  }
}
