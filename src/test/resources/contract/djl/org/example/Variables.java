package org.example;

/** Prints the variables that it was started with. */
public final class Variables {

    private Variables() {
    }

    public static void main(String[] args) {
        System.getenv().forEach((name, value) -> System.out.println(name + "=" + value));
    }
}
