package partyline.fakes.imsg;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// The program `imsg` of the fake: passes what it reads and prints on to the fake Mac, whose port is its first word. It
/// is a class file of its own, so that a bare Java can run it.
public final class ImsgProgram {

    private ImsgProgram() {}

    public static void main(String[] words) throws IOException, InterruptedException {
        if (words.length != 2 || !words[1].equals("rpc")) {
            System.err.println("usage: imsg rpc");
            System.exit(64);
        }
        System.err.println("Could not fetch group 1 of :ABGroup");
        try (Socket mac = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(words[0]))) {
            OutputStream out = mac.getOutputStream();
            out.write((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            Thread asks = new Thread(() -> {
                pass(System.in, out);
                try {
                    mac.shutdownOutput();
                } catch (IOException e) {
                    System.err.println("imsg: the Mac is gone");
                }
            });
            asks.setDaemon(true);
            asks.start();
            pass(mac.getInputStream(), System.out);
            if (asks.isAlive()) {
                System.err.println("imsg: Messages is not running");
                System.exit(1);
            }
        }
    }

    private static void pass(InputStream in, OutputStream out) {
        byte[] some = new byte[8_192];
        try {
            for (int read = in.read(some); read >= 0; read = in.read(some)) {
                out.write(some, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            System.err.println("imsg: " + e.getMessage());
        }
    }
}
