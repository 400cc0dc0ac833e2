import EngineAPI
import EngineServer
import HTTPWire
import ImageFixtures
import Images
import JSON
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import OCIImageSpec
import Testing

struct ImageRoutesTests {
  private let catalog = MemoryCatalog()
  private let images: ImageService
  private let router: Router

  /// A layer with nothing in it: what is in layers does not concern the routes.
  private let layer = TarBuilder.archive([])
  private var id: String {
    ImageArchive.digest(JSONWriter.bytes(ImageArchive.configuration([layer]))).description
  }

  init() throws {
    images = ImageService(
      catalog: catalog, blobs: MemoryBlobs(), layers: try FolderLayers(), folder: "/tmp",
      platform: Platform(os: "linux", architecture: "amd64"), pool: .singleton,
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { 1_700_000_000_000_000_000 })
    router = Router(Route.images(images, driver: "fake") { _ in .unused }, serverName: "Test/1.0")
  }

  private func call(
    _ method: HTTPMethod, _ target: String, _ body: [UInt8] = []
  ) async throws -> (status: UInt, text: String) {
    let pieces = body.isEmpty ? [] : [ByteBuffer(bytes: body)]
    let source = Pieces(pieces)
    let response = await router.respond(to: method, target, body: RequestBody { await source.next() })
    let output = Output()
    switch response.body {
    case .bytes(let bytes): await output.add(bytes)
    case .stream(let write): try await write(ResponseWriter { await output.add($0) })
    case .empty, .hijack: break
    }
    return (response.status.code, await output.text)
  }

  private actor Pieces {
    private var left: [ByteBuffer]
    init(_ pieces: [ByteBuffer]) { left = pieces }
    func next() -> ByteBuffer? { left.isEmpty ? nil : left.removeFirst() }
  }

  private actor Output {
    private(set) var text = ""
    func add(_ bytes: ByteBuffer) { text += String(buffer: bytes) }
  }

  private func load(_ names: [String] = ["test:latest"]) async throws {
    let answer = try await call(.POST, "/images/load?quiet=1", ImageArchive.docker([layer], names: names))
    try #require(answer.status == 200)
  }

  private func json(_ target: String) async throws -> JSONValue {
    let answer = try await call(.GET, target)
    try #require(answer.status == 200, "\(answer.text)")
    return try JSONReader.read(answer.text)
  }

  @Test func `what happens to an image is told`() async throws {
    try await load()
    _ = try await call(.POST, "/images/test/tag?repo=other&tag=new")
    _ = try await call(.DELETE, "/images/other:new")
    _ = try await call(.DELETE, "/images/test")
    #expect(catalog.events.map(\.action) == [.load, .tag, .untag, .untag, .delete])
    #expect(catalog.events.map { $0.attributes["name"] } == [id, "other:new", id, id, id])
    #expect(catalog.events.allSatisfy { $0.id == id })
  }

  @Test func loadingTellsTheNames() async throws {
    let answer = try await call(.POST, "/images/load?quiet=1", ImageArchive.docker([layer], names: ["a:1", "b/c"]))
    #expect(answer.status == 200)
    #expect(answer.text == "{\"stream\":\"Loaded image: a:1\\nLoaded image: b/c:latest\\n\"}\r\n")
  }

  @Test func loadingAnImageWithoutANameTellsItsID() async throws {
    let answer = try await call(.POST, "/images/load?quiet=1", ImageArchive.docker([layer], names: []))
    #expect(answer.text == "{\"stream\":\"Loaded image ID: \(id)\\n\"}\r\n")
  }

  @Test func loadingShowsProgressUnlessItIsToBeQuiet() async throws {
    let answer = try await call(.POST, "/images/load", ImageArchive.docker([layer]))
    #expect(answer.text.contains(#""status":"Loading layer""#))
    #expect(answer.text.contains(#""id":"\#(ImageArchive.digest(layer).short)""#))
  }

  @Test func whatIsWrongWithAnArchiveIsALineOfTheStream() async throws {
    let answer = try await call(.POST, "/images/load", Array("no tar".utf8))
    #expect(answer.status == 200)
    #expect(answer.text.contains(#""errorDetail":{"message":"invalid archive"#))
    #expect(await images.list() == [])
  }

  @Test func theListHasDockersFields() async throws {
    try await load()
    let item = try #require(try await json("/images/json").array?.first)
    #expect(item["Id"] == .string(id))
    #expect(item["RepoTags"] == .array([.string("test:latest")]))
    #expect(item["RepoDigests"] == .array([]))
    #expect(item["Created"] == .number(JSONNumber(1_767_323_045)))
    #expect(item["Size"] == .number(JSONNumber(1000)))
    #expect(item["Containers"] == .number(JSONNumber(-1)))
    #expect(item["SharedSize"] == .number(JSONNumber(-1)))
    let measured = try await json("/images/json?shared-size=1").array?.first
    #expect(measured?["SharedSize"] == .number(JSONNumber(0)))
  }

  @Test(arguments: [
    (#"{"reference":["test"]}"#, 1), (#"{"reference":["t*:l?test"]}"#, 1), (#"{"reference":{"nope":true}}"#, 0),
    (#"{"dangling":["true"]}"#, 0), (#"{"dangling":["false"]}"#, 1), (#"{"label":["a"]}"#, 0), ("", 1),
    (#"{"since":["test"]}"#, 0), (#"{"before":["test"]}"#, 0), (#"{"until":["2026-01-03"]}"#, 1),
    (#"{"until":["2026-01-02"]}"#, 0),
  ])
  func theListIsFiltered(filter: String, count: Int) async throws {
    try await load()
    let filter = filter.utf8.map { "%" + String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
    #expect(try await json("/images/json?filters=\(filter)").array?.count == count)
  }

  @Test(
    arguments: [
      ("/images/json?filters=%7B%22nonsense%22%3A%5B%22x%22%5D%7D", 400),
      ("/images/json?filters=%7B%22until%22%3A%5B%22x%22%5D%7D", 400), ("/images/json?identity=1", 501),
      ("/images/test/json?platform=%7B%22os%22%3A%22linux%22%2C%22architecture%22%3A%22s390x%22%7D", 404),
      ("/images/test/json?platform=linux%2Famd64", 400), ("/images/get?names=test&names=absent", 404),
      ("/images/absent/get", 404),
      ("/images/absent/json", 404), ("/images/UP/json", 400),
      ("/images/absent/history", 404),
    ] as [(String, UInt)])
  func whatCannotBeAnsweredIsRefused(target: String, status: UInt) async throws {
    try await load()
    #expect(try await call(.GET, target).status == status)
  }

  @Test(arguments: ["test", "test:latest", "docker.io/library/test"])
  func anImageIsInspectedByAnyOfItsNames(name: String) async throws {
    try await load()
    let inspected = try await json("/images/\(name)/json")
    #expect(inspected["Id"] == .string(id))
    #expect(inspected["Config"]?["Cmd"] == .array([.string("sh")]))
    #expect(inspected["RootFS"]?["Layers"] == .array([.string(ImageArchive.digest(layer).description)]))
    #expect(inspected["Metadata"]?["LastTagTime"] == .string("2023-11-14T22:13:20.000000000Z"))
  }

  @Test func anImageIsInspectedByItsID() async throws {
    try await load()
    let prefix = id.dropFirst(7).prefix(6)
    for name in [id, String(id.dropFirst(7)), String(prefix), "sha256:\(prefix)"] {
      #expect(try await json("/images/\(name)/json")["Id"] == .string(id), "\(name)")
    }
  }

  @Test func aTagIsAddedAndTakenAway() async throws {
    try await load()
    #expect(try await call(.POST, "/images/test/tag?repo=host:5000/other&tag=2").status == 201)
    #expect(try await call(.POST, "/images/test/tag?repo=UP").status == 400)
    #expect(try await call(.POST, "/images/absent/tag?repo=x").status == 404)
    let removed = try await call(.DELETE, "/images/host:5000/other:2")
    #expect(removed.text == "[{\"Untagged\":\"host:5000/other:2\"}]\n")
  }

  @Test func theLastTagTakesTheImageAlong() async throws {
    try await load()
    let removed = try await call(.DELETE, "/images/test")
    let layer = ImageArchive.digest(layer)
    #expect(removed.text == "[{\"Untagged\":\"test:latest\"},{\"Deleted\":\"\(id)\"},{\"Deleted\":\"\(layer)\"}]\n")
    #expect(try await call(.GET, "/images/test/json").status == 404)
  }

  @Test func anImageInUseIsAConflict() async throws {
    try await load()
    let router = Router(
      Route.images(images, driver: "fake") { _ in .running(by: "0123456789abcdef") }, serverName: "Test/1.0")
    let response = await router.respond(to: .DELETE, "/images/test")
    #expect(response.status == .conflict)
    let forced = await router.respond(to: .DELETE, "/images/\(id)?force=1")
    #expect(forced.status == .conflict)
  }
}
