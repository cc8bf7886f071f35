package partyline.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// An answered upload, and how files are sent up and fetched down.
public record Upload(Api.Answer answer) {

    static final String MEDIA = "/api/v1/imessage/media";
    private static final String BOUNDARY = "x-boundary-x";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /// Uploads a file as an SDK does; a null type leaves the header out.
    public static Upload of(Api api, String name, String type, byte[] bytes) {
        return sent(api, part("file", name, type, bytes) + "--" + BOUNDARY + "--\r\n");
    }

    /// One part of a body; bytes are written as Latin-1 characters.
    static String part(String field, String name, String type, byte[] bytes) {
        String contentType = type == null ? "" : "Content-Type: " + type + "\r\n";
        return "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n%s\r\n%s\r\n"
                .formatted(BOUNDARY, field, name, contentType, new String(bytes, StandardCharsets.ISO_8859_1));
    }

    static Upload sent(Api api, String body) {
        return sent(api, BodyPublishers.ofString(body, StandardCharsets.ISO_8859_1));
    }

    static Upload sent(Api api, BodyPublisher body) {
        String type = "multipart/form-data; boundary=" + BOUNDARY;
        return new Upload(api.send("POST", MEDIA, body, "Content-Type", type));
    }

    /// Puts a picture where the one of an agent is.
    static Api.Answer avatar(Api api, String handle, byte[] bytes) {
        String body = part("file", "avatar.png", "image/png", bytes) + "--" + BOUNDARY + "--\r\n";
        return api.send(
                "PUT",
                "/api/v1/identities/" + handle + "/avatar",
                BodyPublishers.ofString(body, StandardCharsets.ISO_8859_1),
                "Content-Type",
                "multipart/form-data; boundary=" + BOUNDARY);
    }

    /// The beginning of a PNG of this size, and as many bytes more.
    static byte[] png(int width, int height, int more) {
        return ByteBuffer.allocate(24 + more)
                .putLong(0x89504E470D0A1A0AL)
                .putInt(13)
                .putInt(0x49484452)
                .putInt(width)
                .putInt(height)
                .array();
    }

    public String url() {
        return answer.expect(201).json().path("media_url").asString();
    }

    String contentType() {
        return answer.expect(201).json().path("content_type").asString();
    }

    /// What anybody gets at an address, without a key.
    static HttpResponse<byte[]> fetch(String url, String... headers) {
        return ask("GET", url, headers);
    }

    static HttpResponse<byte[]> ask(String method, String url, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(20))
                .method(method, BodyPublishers.noBody());
        for (int at = 0; at < headers.length; at += 2) {
            request.setHeader(headers[at], headers[at + 1]);
        }
        try {
            return OpenApiCheck.send(CLIENT, request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
