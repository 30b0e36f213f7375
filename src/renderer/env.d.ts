// What the build adds to the renderer: single-file components and assets by address.
/// <reference types="vite/client" />
