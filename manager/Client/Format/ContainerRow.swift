internal import EngineAPI
internal import JSON

/// A line of `proa ps`.
struct ContainerRow {
  let id: String
  let image: String
  let command: String
  let created: String
  let status: String
  let state: String
  let ports: String
  let names: String
  let size: String
  let createdAt: String
  let mounts: String
  let localVolumes: Int
  let networks: String
  let labels: [String: String]

  /// - Parameter now: seconds since 1970.
  init(_ container: ContainerSummary, truncates: Bool, now: Int64) {
    id = truncates ? ImageIdentifier.short(container.id) : container.id
    image = Self.image(container, truncates: truncates)
    command = GoText.quote(truncates ? GoText.ellipsis(container.command, 20) : container.command)
    created = HumanDuration.describe(seconds: now - container.created) + " ago"
    status = container.status
    state = container.state.rawValue
    ports = PortsColumn.describe(container.ports)
    names = container.names.map { $0.hasPrefix("/") ? String($0.dropFirst()) : $0 }
      // A name with another slash is a link's.
      .filter { !truncates || !$0.contains("/") }.joined(separator: ",")
    let virtual = container.sizeRootFs ?? 0
    size =
      HumanSize.decimal(container.sizeRw ?? 0)
      + (virtual > 0 ? " (virtual \(HumanSize.decimal(virtual)))" : "")
    createdAt = GoTime.describe(seconds: container.created)
    mounts = container.mounts.map { mount in
      let name = mount.name.isEmpty ? mount.source : mount.name
      return truncates ? GoText.ellipsis(name, 15) : name
    }.joined(separator: ",")
    localVolumes = container.mounts.filter { $0.driver == "local" }.count
    networks = container.networkSettings?.networks?.keys.sorted().joined(separator: ",") ?? ""
    labels = container.labels
  }

  private static func image(_ container: ContainerSummary, truncates: Bool) -> String {
    guard !container.image.isEmpty else { return "<no image>" }
    guard truncates else { return container.image }
    let short = ImageIdentifier.short(container.image)
    return ImageIdentifier.short(container.imageID) == short ? short : container.image
  }

  static func headings(withSize: Bool) -> [String] {
    ["CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES"] + (withSize ? ["SIZE"] : [])
  }

  func cells(withSize: Bool) -> [String] {
    [id, image, command, created, status, ports, names] + (withSize ? [size] : [])
  }

  /// For templates and JSON, named as Docker's are.
  var context: TemplateContext {
    let members: [(String, String)] = [
      ("Command", command), ("CreatedAt", createdAt), ("ID", id), ("Image", image),
      ("Labels", labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")),
      ("LocalVolumes", "\(localVolumes)"), ("Mounts", mounts), ("Names", names), ("Networks", networks),
    ]
    let more = [
      ("Ports", ports), ("RunningFor", created), ("Size", size), ("State", state), ("Status", status),
    ]
    var object = JSONObject(members.map { ($0.0, .string($0.1)) })
    object.append("Platform", .null)
    for (name, value) in more { object.append(name, .string(value)) }
    var context = TemplateContext(.object(object))
    context.typeName = Self.typeName
    context.labels = labels
    return context
  }

  /// What a template prints above each field's column.
  static var headings: TemplateContext {
    var context = TemplateContext(
      .object(
        JSONObject(
          [
            ("ID", "CONTAINER ID"), ("Names", "NAMES"), ("Image", "IMAGE"), ("Command", "COMMAND"),
            ("CreatedAt", "CREATED AT"), ("RunningFor", "CREATED"), ("Ports", "PORTS"), ("Status", "STATUS"),
            ("State", "STATE"), ("Size", "SIZE"), ("Labels", "LABELS"), ("Mounts", "MOUNTS"),
            ("LocalVolumes", "LOCAL VOLUMES"), ("Networks", "NETWORKS"), ("Platform", "PLATFORM"),
          ].map { ($0.0, .string($0.1)) })))
    context.typeName = typeName
    return context
  }

  private static let typeName = "*formatter.ContainerContext"
}

/// `sha256:` and sixty-four digits.
enum ImageIdentifier {
  /// The first twelve digits.
  static func short(_ identifier: String) -> String {
    let digits = identifier.split(separator: ":", maxSplits: 1).last ?? ""
    return identifier.hasPrefix("sha256:") || !identifier.contains(":") ? String(digits.prefix(12)) : identifier
  }
}
