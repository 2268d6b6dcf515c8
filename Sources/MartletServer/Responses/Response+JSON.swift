package import HTTPTypes
package import Hummingbird
import MartletJSON
import NIOCore

extension Response {
    /// A response with a JSON body.
    package init(status: HTTPResponse.Status = .ok, json: [UInt8]) {
        self.init(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json)))
    }
}
