package org.example;

/** Ends in ways that are the JVM's own. */
public final class Ends {

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "exit" -> System.exit(Integer.parseInt(args[1]));
            case "initializer" -> System.out.println(Broken.VALUE);
            case "threads" -> {
                for (int i = 0; i < 4; i++) {
                    new Thread(() -> {
                        while (true) {
                            Thread.onSpinWait();
                        }
                    }).start();
                }
                System.out.println("main is done");
            }
            case "attach" -> {
                String pid = String.valueOf(ProcessHandle.current().pid());
                Process other = new ProcessBuilder("jcmd", pid, "JVMTI.agent_load", "/tmp/own.jar").redirectErrorStream(true).start();
                String said = new String(other.getInputStream().readAllBytes());
                int code = other.waitFor();
                if (code != 0) {
                    throw new IllegalStateException("no agent was attached: " + said.strip());
                }
            }
            case "raise" -> raise();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void raise() {
        throw new IllegalStateException("as asked");
    }

    private static final class Broken {

        static final int VALUE = Integer.parseInt("no number");
    }

    private Ends() {}
}
