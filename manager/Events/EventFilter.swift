internal import OCIImageSpec

/// Which events a client wants, by what they tell: of each filter one value must match, of `label` all.
public struct EventFilter: Equatable, Sendable {
  /// The names of filters that there are.
  public static let names: Set<String> = [
    "type", "event", "scope", "label", "image", "container", "network", "volume", "daemon", "plugin", "service",
    "node", "secret", "config",
  ]

  private var values: [String: [String]]

  /// - Parameter values: by the names of the filters, of which others than ``names`` do nothing.
  public init(_ values: [String: [String]] = [:]) { self.values = values.filter { !$0.value.isEmpty } }

  public func includes(_ event: Event) -> Bool {
    matches("type", event.kind.rawValue) && matchesAction(event) && matches("scope", "local") && matchesLabels(event)
      && matchesImage(event) && Self.named.allSatisfy { matchesName($0, event) }
  }

  /// Filters by the beginning of an identifier or a name. As with Docker they ask for nothing but that: what is no
  /// container, but begins so, is told as well.
  private static let named = [
    "container", "network", "volume", "daemon", "plugin", "service", "node", "secret", "config",
  ]

  private func matches(_ name: String, _ text: String) -> Bool { values[name]?.contains(text) ?? true }

  private func matchesBeginning(_ name: String, _ text: String) -> Bool {
    values[name]?.contains { text.hasPrefix($0) } ?? true
  }

  private func matchesName(_ name: String, _ event: Event) -> Bool {
    matchesBeginning(name, event.actor) || matchesBeginning(name, event.attributes["name"] ?? "")
  }

  /// Some actions say more after a colon.
  private func matchesAction(_ event: Event) -> Bool {
    let isOpen = values["event"]?.contains { ["health_status", "exec_create", "exec_start"].contains($0) } ?? false
    return isOpen ? matchesBeginning("event", event.action) : matches("event", event.action)
  }

  private func matchesLabels(_ event: Event) -> Bool {
    values["label"]?.allSatisfy { label in
      let parts = label.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard let own = event.attributes[parts[0]] else { return false }
      return parts.count < 2 || own == parts[1]
    } ?? true
  }

  /// The image itself, by identifier or name with or without its tag, and the containers made of it.
  private func matchesImage(_ event: Event) -> Bool {
    guard values["image"] != nil else { return true }
    let name = event.attributes[event.kind == .image ? "name" : "image"] ?? ""
    return [event.actor, name].contains { matches("image", $0) || matches("image", Self.withoutTag($0)) }
  }

  private static func withoutTag(_ text: String) -> String {
    // What is no name has no tag.
    guard let reference = try? Reference(text) else { return text }
    return reference.familiarRepository
  }
}
