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

  func json(withSize: Bool) -> JSONObject {
    let members: [(String, String)] = [
      ("Command", command), ("CreatedAt", created), ("ID", id), ("Image", image), ("Names", names), ("Ports", ports),
      ("State", state), ("Status", status),
    ]
    return JSONObject((members + (withSize ? [("Size", size)] : [])).map { ($0.0, .string($0.1)) })
  }
}

/// `sha256:` and sixty-four digits.
enum ImageIdentifier {
  /// The first twelve digits.
  static func short(_ identifier: String) -> String {
    let digits = identifier.split(separator: ":", maxSplits: 1).last ?? ""
    return identifier.hasPrefix("sha256:") || !identifier.contains(":") ? String(digits.prefix(12)) : identifier
  }
}
