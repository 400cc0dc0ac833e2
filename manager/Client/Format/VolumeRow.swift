internal import EngineAPI
internal import JSON

/// A line of `proa volume ls`.
struct VolumeRow {
  /// For templates and JSON, named as Docker's are.
  let context: TemplateContext

  init(_ volume: Volume) {
    let labels = volume.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    context = Self.context([
      ("Availability", "N/A"), ("Driver", volume.driver), ("Group", "N/A"), ("Labels", labels), ("Links", "N/A"),
      ("Mountpoint", volume.mountpoint), ("Name", volume.name), ("Scope", volume.scope), ("Size", "N/A"),
      ("Status", "N/A"),
    ])
  }

  /// What a template prints above each field's column.
  static var headings: TemplateContext {
    context([
      ("Availability", "AVAILABILITY"), ("Driver", "DRIVER"), ("Group", "GROUP"), ("Labels", "LABELS"),
      ("Links", "LINKS"), ("Mountpoint", "MOUNTPOINT"), ("Name", "VOLUME NAME"), ("Scope", "SCOPE"), ("Size", "SIZE"),
      ("Status", "STATUS"),
    ])
  }

  private static func context(_ members: [(String, String)]) -> TemplateContext {
    var context = TemplateContext(.object(JSONObject(members.map { ($0.0, .string($0.1)) })))
    context.typeName = "*formatter.volumeContext"
    return context
  }
}
