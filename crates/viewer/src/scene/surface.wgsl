// A picture or a plain colour, lit a little from one side or not at all. The
// renderer's own material costs twenty times as much where a processor draws.
#import bevy_pbr::forward_io::VertexOutput

@group(#{MATERIAL_BIND_GROUP}) @binding(0) var<uniform> tint: vec4<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(1) var picture: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(2) var picture_sampler: sampler;
@group(#{MATERIAL_BIND_GROUP}) @binding(3) var<uniform> shade: f32;

const TOWARDS_LIGHT: vec3<f32> = vec3<f32>(0.32, 0.81, 0.49);

@fragment
fn fragment(in: VertexOutput) -> @location(0) vec4<f32> {
    let colour = tint * textureSample(picture, picture_sampler, in.uv);
    let facing = max(dot(normalize(in.world_normal), TOWARDS_LIGHT), 0.0);
    let light = mix(1.0, 0.35 + 0.65 * facing, shade);
    return vec4<f32>(colour.rgb * light, colour.a);
}
