import EngineAPI
import JSON
import Testing

@testable import Client

@Suite struct SpaceTests {
  private func step(_ createdBy: String, created: Int64 = 1000, size: Int64 = 1_982_352) -> ImageHistoryItem {
    var item = ImageHistoryItem()
    item.id = "sha256:08b8c26811fb28587cd1e8494367d5cf7a6eb309669a04c8d33432e61c76927d"
    (item.createdBy, item.created, item.size, item.comment) = (createdBy, created, size, "by hand")
    return item
  }

  @Test func aStepOfAnImageIsALine() {
    let item = step("/bin/sh -c #(nop)\t" + String(repeating: "x", count: 40))
    let row = HistoryRow(item, isHuman: true, truncates: true, now: 1120)
    #expect(
      row.cells == [
        "08b8c26811fb", "2 minutes ago", "/bin/sh -c #(nop) " + String(repeating: "x", count: 26) + "…", "1.98MB",
        "by hand",
      ])
    let whole = HistoryRow(item, isHuman: false, truncates: false, now: 1120)
    #expect((whole.id, whole.size, whole.createdBy.count) == (item.id, "1982352", 58))
    #expect(whole.created == whole.createdAt)
    #expect(HistoryRow(step("", created: 0), isHuman: true, truncates: true, now: 5).created == "N/A")
    // What an image says of itself may be any number.
    #expect(!HistoryRow(step("", created: .min), isHuman: false, truncates: true, now: .max).created.contains("\0"))
  }

  @Test func whatNobodyUsesCanBeHadBack() {
    var usage = DiskUsage()
    usage.layersSize = 1000
    let images: [(Int, Int64, Int64)] = [(2, 600, 100), (0, 400, 100)]
    usage.images = images.map { containers, size, shared in
      var image = ImageSummary()
      (image.containers, image.size, image.sharedSize) = (containers, size, shared)
      return image
    }
    let containers: [(ContainerStatus, Int64?)] = [(.running, 500), (.exited, 1500), (.created, nil)]
    usage.containers = containers.map { state, written in
      var container = ContainerSummary()
      (container.state, container.sizeRw) = (state, written)
      return container
    }
    #expect(
      DiskUsageRow.rows(usage).map(\.cells) == [
        ["Images", "2", "1", "1kB", "500B (50%)"], ["Containers", "3", "1", "2kB", "1.5kB (75%)"],
        ["Local Volumes", "0", "0", "0B", "0B"], ["Build Cache", "0", "0", "0B", "0B"],
      ])
  }
}
