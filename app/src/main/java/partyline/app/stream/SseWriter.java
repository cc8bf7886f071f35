package partyline.app.stream;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import partyline.kernel.Event;

/// Writes server-sent events to an answer, straight and uncompressed: a deflater for each stream would cost more than
/// all the rest of it.
final class SseWriter {

    private final OutputStream out;

    private SseWriter(OutputStream out) {
        this.out = out;
    }

    /// Sends the head of the answer.
    static SseWriter begin(Context ctx) throws IOException {
        ctx.res().setStatus(200);
        ctx.res().setContentType("text/event-stream");
        ctx.res().setCharacterEncoding("UTF-8");
        ctx.res().setHeader("Cache-Control", "no-store");
        ctx.res().setHeader("X-Accel-Buffering", "no");
        ctx.res().setHeader("X-Content-Type-Options", "nosniff");
        ctx.res().flushBuffer();
        return new SseWriter(ctx.res().getOutputStream());
    }

    /// An event; its envelope is one line of JSON.
    void event(Event event) throws IOException {
        write("id: " + event.seq() + "\nevent: " + event.type() + "\ndata: " + event.envelope() + "\n\n");
    }

    /// A line that readers ignore.
    void comment(String words) throws IOException {
        write(": " + words + "\n");
    }

    /// Moves the place from which the reader resumes, without an event.
    void place(long seq) throws IOException {
        write("id: " + seq + "\n\n");
    }

    void flush() throws IOException {
        out.flush();
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
