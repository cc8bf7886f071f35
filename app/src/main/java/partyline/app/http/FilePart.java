package partyline.app.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;
import partyline.kernel.FileName;

/// The bytes of the part `file` of a multipart body, which must be its only one, as they come: nothing of them is kept.
///
/// What is wrong with the body is a 422 as soon as it is seen; the stream ends only after all of the body was in order.
public final class FilePart extends InputStream {

    private static final int BUFFER = 16 * 1_024;
    private static final long AROUND = 16 * 1_024;
    private static final int LONGEST_HEADERS = 4 * 1_024;
    private static final String FIX = "must be the only part of a multipart/form-data body: curl -F file=@photo.jpg";

    private final InputStream body;
    private final ApiError tooLarge;
    private final MultiPart.Parser parser;
    private final byte[] buffer = new byte[BUFFER];
    private final Map<String, String> headers = new HashMap<>();
    private final Map<String, String> disposition = new HashMap<>();
    private final Deque<ByteBuffer> content = new ArrayDeque<>();
    private long left;
    private boolean named;
    private boolean complete;
    private boolean broken;

    private FilePart(InputStream body, String boundary, long longest, ApiError tooLarge) {
        this.body = body;
        this.tooLarge = tooLarge;
        this.left = longest;
        this.parser = new MultiPart.Parser(boundary, new Listener());
        this.parser.setPartHeadersMaxLength(LONGEST_HEADERS);
    }

    /// Reads on until the part's bytes begin. A body that is longer than a file of `largest` with what a
    /// multipart body has around it is `tooLarge`; one that says so is not read at all.
    public static FilePart of(HttpServletRequest request, long largest, ApiError tooLarge) throws IOException {
        long longest = largest + AROUND;
        if (request.getContentLengthLong() > longest) {
            throw tooLarge.asException();
        }
        String type = Objects.requireNonNullElse(request.getContentType(), "");
        String boundary = MultiPart.extractBoundary(type);
        if (!type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data") || boundary == null) {
            throw wrong();
        }
        FilePart part = new FilePart(request.getInputStream(), boundary, longest, tooLarge);
        while (!part.named && !part.complete) {
            part.advance();
        }
        if (!"file".equals(part.disposition.get("name"))) {
            throw wrong();
        }
        return part;
    }

    /// What the client calls the file.
    @Nullable
    public String name() {
        return FileName.ofHeader(headers.get("content-disposition")).orElse(null);
    }

    /// What the client says the file is.
    @Nullable
    public String type() {
        return headers.get("content-type");
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (content.isEmpty() && !complete) {
            advance();
        }
        ByteBuffer next = content.peek();
        if (next == null) {
            return -1;
        }
        int taken = Math.min(length, next.remaining());
        next.get(target, offset, taken);
        if (!next.hasRemaining()) {
            content.remove();
        }
        return taken;
    }

    /// Parses one more piece of the body. The pieces of the last one were read, so its buffer is free.
    private void advance() throws IOException {
        int read = body.read(buffer);
        left -= read;
        if (left < 0) {
            throw tooLarge.asException();
        }
        parser.parse(read < 0 ? Content.Chunk.EOF : Content.Chunk.from(ByteBuffer.wrap(buffer, 0, read), false));
        if (broken || read < 0 && !complete) {
            throw wrong();
        }
    }

    private static ApiException wrong() {
        return ValidationError.body("file", FIX);
    }

    /// Only takes notes: the parser swallows what is thrown here.
    private final class Listener implements MultiPart.Parser.Listener {

        @Override
        public void onPartBegin() {
            broken |= named;
        }

        @Override
        public void onPartHeader(String name, String value) {
            headers.put(name.toLowerCase(Locale.ROOT), value);
        }

        @Override
        public void onPartHeaders() {
            named = true;
            HttpField.getValueParameters(headers.getOrDefault("content-disposition", ""), disposition);
        }

        @Override
        public void onPartContent(Content.Chunk chunk) {
            content.add(chunk.getByteBuffer());
        }

        @Override
        public void onComplete() {
            complete = true;
        }

        @Override
        public void onFailure(Throwable failure) {
            broken = true;
        }
    }
}
