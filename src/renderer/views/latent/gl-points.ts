// The points by WebGL2: one draw call; digits come from one texture of them all. (Libraries for this make code from strings, which our CSP forbids.)
import { MOST_CLASS_COLOURS } from '@shared/charts/class-colours'
import type { TestImages } from '@shared/contract'
import type { PointLayer, Scene } from './point-layer'

const vertexShader = `#version 300 es
in vec2 place;
in float label;
in float state;
uniform vec2 centre;
uniform vec2 scale;
uniform float size;
uniform int columns;
uniform vec3 palette[${MOST_CLASS_COLOURS + 1}];
out vec4 colour;
flat out vec2 cell;
void main() {
  gl_Position = state == 0.0 ? vec4(2.0, 2.0, 2.0, 1.0) : vec4((place - centre) * scale, 0.0, 1.0);
  gl_PointSize = size;
  colour = vec4(palette[min(int(label), ${MOST_CLASS_COLOURS})], state == 1.0 ? 0.12 : 0.9);
  cell = vec2(gl_VertexID % columns, gl_VertexID / columns);
}`

const fragmentShader = `#version 300 es
precision highp float;
in vec4 colour;
flat in vec2 cell;
uniform bool isDigits;
uniform vec2 cellSize;
uniform vec2 shape;
uniform float size;
uniform sampler2D digits;
out vec4 result;
void main() {
  vec2 inImage = (gl_PointCoord - 0.5) / shape + 0.5;
  if (isDigits && any(notEqual(inImage, clamp(inImage, 0.0, 1.0)))) discard;
  float ink = isDigits
    ? texture(digits, (cell + inImage) * cellSize).r
    : clamp((0.5 - distance(gl_PointCoord, vec2(0.5))) * size, 0.0, 1.0);
  if (ink < 0.02) discard;
  result = vec4(colour.rgb, 1.0) * colour.a * ink;
}`

/** Null where there is no WebGL2. */
export function createGlLayer(canvas: HTMLCanvasElement): PointLayer | null {
  const gl = canvas.getContext('webgl2', { antialias: false, premultipliedAlpha: true })
  const program = gl && linked(gl)
  if (!gl || !program) return null
  const places = buffer(gl, program, 'place', 2, gl.FLOAT)
  const labels = buffer(gl, program, 'label', 1, gl.UNSIGNED_BYTE)
  const states = buffer(gl, program, 'state', 1, gl.UNSIGNED_BYTE)
  const uniform = (name: string) => gl.getUniformLocation(program, name)
  const at = {
    centre: uniform('centre'),
    scale: uniform('scale'),
    size: uniform('size'),
    columns: uniform('columns'),
    palette: uniform('palette'),
    isDigits: uniform('isDigits'),
    cellSize: uniform('cellSize'),
    shape: uniform('shape')
  }
  let count = 0
  let hasDigits = false
  gl.useProgram(program)
  gl.enable(gl.BLEND)
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
  gl.uniform1i(at.columns, 1)

  return {
    isSlow: isSoftware(gl),
    setPoints(points, classes) {
      count = points.length / 2
      fill(gl, places, points)
      fill(gl, labels, classes)
    },
    setStates: (values) => fill(gl, states, values),
    setColours: (colours) => gl.uniform3fv(at.palette, colours.slice(0, MOST_CLASS_COLOURS + 1).flatMap(rgbOf)),
    setDigits(images) {
      const atlas = atlasOf(images, gl.getParameter(gl.MAX_TEXTURE_SIZE) as number)
      hasDigits = atlas !== null
      if (!atlas) return
      gl.bindTexture(gl.TEXTURE_2D, gl.createTexture())
      gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1)
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, atlas.width, atlas.height, 0, gl.RED, gl.UNSIGNED_BYTE, atlas.pixels)
      for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE)
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR)
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR)
      gl.uniform1i(at.columns, atlas.columns)
      gl.uniform2f(at.cellSize, images.columns / atlas.width, images.rows / atlas.height)
      gl.uniform2f(at.shape, ...shapeOf(images))
    },
    draw({ view, size, ratio, look, point }: Scene) {
      gl.viewport(0, 0, canvas.width, canvas.height)
      gl.clearColor(0, 0, 0, 0)
      gl.clear(gl.COLOR_BUFFER_BIT)
      gl.uniform2f(at.centre, view.centre.x, view.centre.y)
      gl.uniform2f(at.scale, (2 * view.scale) / size.width, (2 * view.scale) / size.height)
      gl.uniform1f(at.size, point * ratio)
      gl.uniform1i(at.isDigits, look === 'digits' && hasDigits ? 1 : 0)
      gl.drawArrays(gl.POINTS, 0, count)
    },
    dispose: () => gl.getExtension('WEBGL_lose_context')?.loseContext()
  }
}

/** All images in one, `columns` beside each other; null where no texture is that large. */
export function atlasOf({ pixels, labels, rows, columns: width }: TestImages, mostSide: number) {
  const columns = Math.min(Math.ceil(Math.sqrt(labels.length)), Math.floor(mostSide / width))
  const lines = Math.ceil(labels.length / Math.max(1, columns))
  if (columns < 1 || lines * rows > mostSide) return null
  const atlas = new Uint8Array(columns * width * lines * rows)
  for (let image = 0; image < labels.length; image++) {
    const [left, top] = [(image % columns) * width, Math.floor(image / columns) * rows]
    for (let row = 0; row < rows; row++) {
      const start = (image * rows + row) * width
      atlas.set(pixels.subarray(start, start + width), (top + row) * columns * width + left)
    }
  }
  return { pixels: atlas, columns, width: columns * width, height: lines * rows }
}

/** Width and height of an image as shares of the longer one. */
export function shapeOf({ rows, columns }: Pick<TestImages, 'rows' | 'columns'>): [number, number] {
  const longer = Math.max(rows, columns)
  return [columns / longer, rows / longer]
}

export function rgbOf(colour: string): [number, number, number] {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255) as [number, number, number]
}

function isSoftware(gl: WebGL2RenderingContext): boolean {
  const info = gl.getExtension('WEBGL_debug_renderer_info')
  return info !== null && /swiftshader|llvmpipe|software/i.test(String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)))
}

function linked(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram()
  const sources = [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader]
  ] as const
  for (const [type, source] of sources) {
    const shader = gl.createShader(type)
    if (!shader) return null
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
  }
  gl.linkProgram(program)
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null
}

function buffer(gl: WebGL2RenderingContext, program: WebGLProgram, name: string, values: number, type: number) {
  const made = gl.createBuffer()
  const place = gl.getAttribLocation(program, name)
  gl.bindBuffer(gl.ARRAY_BUFFER, made)
  gl.enableVertexAttribArray(place)
  gl.vertexAttribPointer(place, values, type, false, 0, 0)
  return made
}

function fill(gl: WebGL2RenderingContext, target: WebGLBuffer, values: ArrayBufferView): void {
  gl.bindBuffer(gl.ARRAY_BUFFER, target)
  gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW)
}
