package dev.reprise.executor.gpu;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Asks for the GPUs again and again while the service lives.
 */
@Component
class GpuWatch implements SmartLifecycle {

	private final Gpus gpus;

	private final GpuSettings settings;

	private final Semaphore end = new Semaphore(0);

	private volatile boolean running;

	GpuWatch(Gpus gpus, GpuSettings settings) {
		this.gpus = gpus;
		this.settings = settings;
	}

	@Override
	public void start() {
		this.running = true;
		Thread.ofPlatform().daemon().name("gpus").start(this::watch);
	}

	private void watch() {
		try {
			while (!this.end.tryAcquire(this.settings.every().toNanos(), TimeUnit.NANOSECONDS)) {
				this.gpus.refresh();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void stop() {
		this.running = false;
		this.end.release();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
