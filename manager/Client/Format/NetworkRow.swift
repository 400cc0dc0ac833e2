internal import EngineAPI
internal import JSON

/// A line of `proa network ls`.
struct NetworkRow {
  let id: String
  /// For templates and JSON, named as Docker's are.
  let context: TemplateContext

  init(_ network: NetworkInspect, truncates: Bool) {
    id = truncates ? String(network.id.prefix(12)) : network.id
    let labels = network.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    context = Self.context([
      ("CreatedAt", Self.time(network.created)), ("Driver", network.driver), ("ID", id),
      ("IPv4", "\(network.enablesIPv4)"), ("IPv6", "\(network.enablesIPv6)"), ("Internal", "\(network.isInternal)"),
      ("Labels", labels), ("Name", network.name), ("Scope", network.scope),
    ])
  }

  /// What a template prints above each field's column.
  static var headings: TemplateContext {
    context([
      ("CreatedAt", "CREATED AT"), ("Driver", "DRIVER"), ("ID", "NETWORK ID"), ("IPv4", "IPV4"), ("IPv6", "IPV6"),
      ("Internal", "INTERNAL"), ("Labels", "LABELS"), ("Name", "NAME"), ("Scope", "SCOPE"),
    ])
  }

  /// As Go prints what it has read from RFC 3339: without the zeros at the end.
  private static func time(_ created: String) -> String {
    guard created.hasSuffix("Z") else { return created }
    var parts = created.dropLast().split(separator: ".", maxSplits: 1).map(String.init)
    if parts.count > 1 { while parts[1].hasSuffix("0") { parts[1].removeLast() } }
    return parts.filter { !$0.isEmpty }.joined(separator: ".").replacing("T", with: " ") + " +0000 UTC"
  }

  private static func context(_ members: [(String, String)]) -> TemplateContext {
    var context = TemplateContext(.object(JSONObject(members.map { ($0.0, .string($0.1)) })))
    context.typeName = "*formatter.networkContext"
    return context
  }
}
