import EngineAPI
import Testing

@testable import Client

@Suite struct FormatTests {
  @Test(
    arguments: [
      (0, "Less than a second"), (1, "1 second"), (59, "59 seconds"), (60, "About a minute"), (119, "About a minute"),
      (120, "2 minutes"), (3599, "59 minutes"), (3600, "About an hour"), (5400, "2 hours"), (47 * 3600, "47 hours"),
      (48 * 3600, "2 days"), (13 * 86400, "13 days"), (14 * 86400, "2 weeks"), (60 * 86400, "2 months"),
      (730 * 86400, "2 years"),
    ] as [(Int64, String)])
  func durationsAreDockers(_ seconds: Int64, _ text: String) {
    #expect(HumanDuration.describe(seconds: seconds) == text)
  }

  @Test(
    arguments: [
      (0, "0B"), (1, "1B"), (999, "999B"), (1000, "1kB"), (1_982_352, "1.98MB"), (76_300_000, "76.3MB"),
      (123_456_789, "123MB"),
      (1_000_000_000, "1GB"), (1_050_000, "1.05MB"),
    ] as [(Int64, String)])
  func decimalSizes(_ bytes: Int64, _ text: String) {
    #expect(HumanSize.decimal(bytes) == text)
  }

  @Test func binarySizes() {
    #expect(HumanSize.binary(25_276_502_016) == "23.54GiB")
    #expect(HumanSize.binary(1 << 20) == "1MiB")
  }

  @Test func tablesAreAsDockers() {
    var table = Table(["CONTAINER ID", "PORTS", "NAMES"])
    table.append(["8374c6faebbe", "", "a1"])
    #expect(table.text == "CONTAINER ID   PORTS     NAMES\n8374c6faebbe             a1\n")
  }

  @Test func textsAreAsGoWritesThem() {
    #expect(GoText.quote("sh -c \"x\"\n\u{1}") == #""sh -c \"x\"\n\x01""#)
    #expect(GoText.ellipsis("sh -c 'trap abc'; while", 20) == "sh -c 'trap abc'; w…")
    #expect(GoText.ellipsis("short", 20) == "short")
  }

  private func port(_ inside: UInt16, _ outside: UInt16? = nil, ip: String = "", type: String = "tcp") -> Port {
    var port = Port()
    (port.privatePort, port.publicPort, port.ip, port.type) = (inside, outside, ip, type)
    return port
  }

  @Test func portsAreGrouped() {
    #expect(PortsColumn.describe([]) == "")
    #expect(PortsColumn.describe([port(443), port(80, 8080, ip: "0.0.0.0")]) == "443/tcp, 0.0.0.0:8080->80/tcp")
    let run = [port(81, 8081, ip: "0.0.0.0"), port(80, 8080, ip: "0.0.0.0"), port(80, 8080, ip: "::")]
    #expect(PortsColumn.describe(run) == "0.0.0.0:8080->80/tcp, [::]:8080->80/tcp, 0.0.0.0:8081->81/tcp")
    let own = [port(80, 80, ip: "0.0.0.0"), port(81, 81, ip: "0.0.0.0"), port(83, 83, ip: "0.0.0.0"), port(82)]
    #expect(PortsColumn.describe(own) == "0.0.0.0:80-81->80-81/tcp, 0.0.0.0:83->83/tcp, 82/tcp")
    #expect(PortsColumn.describe([port(80), port(81), port(81, type: "udp")]) == "80-81/tcp, 81/udp")
  }

  @Test func containersAreALineEach() {
    var container = ContainerSummary()
    container.id = "8374c6faebbe0f050c7f22da7908ee659d41751ec6f5948c9c62b4516d313f72"
    container.imageID = "sha256:08b8c26811fb28587cd1e8494367d5cf7a6eb309669a04c8d33432e61c76927d"
    container.names = ["/a1", "/other/link"]
    container.command = "sh -c 'exit 7'"
    container.created = 1000
    container.status = "Exited (7) 1 second ago"
    for image in ["busybox", container.imageID] {
      container.image = image
      let row = ContainerRow(container, truncates: true, now: 1120)
      #expect(
        row.cells(withSize: false) == [
          "8374c6faebbe", image == "busybox" ? image : "08b8c26811fb", "\"sh -c 'exit 7'\"", "2 minutes ago",
          "Exited (7) 1 second ago", "", "a1",
        ])
    }
    let whole = ContainerRow(container, truncates: false, now: 1120)
    #expect((whole.id, whole.image, whole.names) == (container.id, container.imageID, "a1,other/link"))
  }

  @Test func imagesAreALineForEachName() {
    var image = ImageSummary()
    image.id = "sha256:08b8c26811fb28587cd1e8494367d5cf7a6eb309669a04c8d33432e61c76927d"
    image.repoTags = ["localhost:5000/busybox:1.35", "busybox:latest"]
    image.size = 1_982_352
    let rows = ImageRow.rows(image, truncates: true, withDigests: false, now: 60)
    #expect(
      rows.map { $0.cells(withDigests: false) } == [
        ["localhost:5000/busybox", "1.35", "08b8c26811fb", "About a minute ago", "1.98MB"],
        ["busybox", "latest", "08b8c26811fb", "About a minute ago", "1.98MB"],
      ])
    image.repoTags = []
    #expect(ImageRow.rows(image, truncates: true, withDigests: false, now: 60).map(\.repository) == ["<none>"])
  }

  @Test func framesAreTakenApartWhereverTheyAreCut() throws {
    let bytes: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 2, 65, 66, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1, 67]
    for cut in bytes.indices {
      var frames = FrameDecoder()
      let pieces = try frames.feed(bytes[..<cut]) + frames.feed(bytes[cut...])
      #expect(pieces.filter { $0.stream == .output }.flatMap(\.bytes) == [65, 66])
      #expect(pieces.filter { $0.stream == .errors }.flatMap(\.bytes) == [67])
    }
    var frames = FrameDecoder()
    #expect(throws: ClientError.self) { try frames.feed([9, 0, 0, 0, 0, 0, 0, 1]) }
  }

  @Test func targetsAreEscaped() {
    let target: RequestTarget = "/containers/\("a/b c?")/json"
    #expect(
      target.with("size", true).with("all", false).with("x", "é&").text
        == "/containers/a/b%20c%3F/json?size=1&x=%C3%A9%26")
  }
}
