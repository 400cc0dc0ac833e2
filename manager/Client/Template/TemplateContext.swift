internal import JSON

/// What a template is carried out on.
struct TemplateContext {
  let value: JSONValue
  /// How a field that is not there is named: as one of a map, or of a type of this name.
  var typeName: String?
  /// `.Label "name"` of a list's rows.
  var labels: [String: String] = [:]
  /// The fields are headings: what would change them leaves them as they are.
  var isHeading = false

  init(_ value: JSONValue) { self.value = value }

  /// A member by the name in Go's source or in JSON: `.ID` is `Id` where there is no other.
  static func member(_ name: String, of object: JSONObject) -> JSONValue? {
    if let value = object[name] { return value }
    let plain = spelled(name)
    return plain == name ? nil : object[plain]
  }

  private static func spelled(_ name: String) -> String {
    let initialisms = [
      "API": "Api", "ID": "Id", "IP": "Ip", "DNS": "Dns", "CPU": "Cpu", "UTS": "UTS", "OOMKill": "OomKill",
      "OSType": "OsType",
    ]
    var result = ""
    var rest = Substring(name)
    while let first = rest.first {
      if let found = initialisms.first(where: { rest.hasPrefix($0.key) }) {
        result += found.value
        rest = rest.dropFirst(found.key.count)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}
