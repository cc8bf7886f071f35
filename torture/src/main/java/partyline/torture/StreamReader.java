package partyline.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/// Reads an agent's event stream from the first event on, and after every break resumes where it was.
final class StreamReader implements Runnable, AutoCloseable {

    private final String agent;
    private final Http http;
    private final Diary diary;
    private final Gate gate;
    private volatile boolean closed;
    private volatile long place;

    StreamReader(String agent, Http http, Diary diary, Gate gate) {
        this.agent = agent;
        this.http = http;
        this.diary = diary;
        this.gate = gate;
    }

    /// The number of the last event that was read.
    long place() {
        return place;
    }

    @Override
    public void run() {
        while (!closed) {
            try {
                read();
            } catch (IOException e) {
                Actor.rest(20);
                gate.pass();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private void read() throws IOException, InterruptedException {
        HttpResponse<InputStream> response = Http.client()
                .send(
                        http.request("/api/v1/imessage/events")
                                .header("Accept", "text/event-stream")
                                .header("Last-Event-ID", Long.toString(place))
                                .build(),
                        BodyHandlers.ofInputStream());
        try (InputStream body = response.body();
                BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode());
            }
            follow(lines);
        }
    }

    private void follow(BufferedReader lines) throws IOException {
        long id = place;
        String data = "";
        for (String line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
            if (line.startsWith("id: ")) {
                id = Long.parseLong(line.substring(4));
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    diary.noteStream(Survey.event(agent, id, Http.JSON.readTree(data)));
                    data = "";
                }
                place = id;
            }
        }
    }
}
