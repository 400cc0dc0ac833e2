internal import EngineAPI
internal import JSON

/// What `proa system df --verbose` prints: every image, container and volume.
enum DiskUsageDetails {
  /// - Parameter now: seconds since 1970.
  static func text(_ usage: DiskUsage, now: Int64) -> String {
    let cache = (usage.buildCache ?? []).compactMap { $0["Size"]?.int64 }.reduce(0) { $0 &+ $1 }
    return "Images space usage:\n\n" + images(usage.images ?? [], now) + "\nContainers space usage:\n\n"
      + containers(usage.containers ?? [], now) + "\nLocal Volumes space usage:\n\n" + volumes(usage.volumes ?? [])
      + "\nBuild cache usage: \(HumanSize.decimal(cache, digits: 4))\n\n" + buildCache
  }

  private static func images(_ images: [ImageSummary], _ now: Int64) -> String {
    var table = Table(
      ["REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE", "SHARED SIZE", "UNIQUE SIZE", "CONTAINERS"])
    for image in images {
      let shared = max(0, image.sharedSize)
      // As in a list of images, but of several names only the first.
      for row in ImageRow.rows(image, truncates: true, withDigests: false, now: now).prefix(1) {
        table.append([
          row.repository, row.tag, row.id, row.created, row.size, HumanSize.decimal(shared, digits: 4),
          HumanSize.decimal(image.size - shared, digits: 4), "\(image.containers)",
        ])
      }
    }
    return table.text
  }

  private static func containers(_ containers: [ContainerSummary], _ now: Int64) -> String {
    var table = Table(["CONTAINER ID", "IMAGE", "COMMAND", "LOCAL VOLUMES", "SIZE", "CREATED", "STATUS", "NAMES"])
    for container in containers {
      let row = ContainerRow(container, truncates: true, now: now)
      table.append([
        row.id, row.image, row.command, "\(row.localVolumes)", HumanSize.decimal(container.sizeRw ?? 0), row.created,
        row.status, row.names,
      ])
    }
    return table.text
  }

  private static func volumes(_ volumes: [Volume]) -> String {
    var table = Table(["VOLUME NAME", "LINKS", "SIZE"])
    for volume in volumes {
      let usage = volume.usageData
      table.append([
        volume.name, usage.map { "\($0.refCount)" } ?? "N/A",
        usage.flatMap { $0.size < 0 ? nil : HumanSize.decimal($0.size) } ?? "N/A",
      ])
    }
    return table.text
  }

  /// The daemon has none to list.
  private static var buildCache: String {
    Table(["CACHE ID", "CACHE TYPE", "SIZE", "CREATED", "LAST USED", "USAGE", "SHARED"]).text
  }
}
