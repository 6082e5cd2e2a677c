/* HPSM-1 "heated pad + skin + motor" benchmark workload. README.md has it in words.
   All SI, temperatures in deg C, thermal stack per unit area. */
#ifndef HPSM_H
#define HPSM_H
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define NC 48
#define TICKS 180000            /* 10 ms ticks in 30 min */
#define DT 0.01
#define HM 0.001
/* --- thermal --- */
#define AREA 0.02
#define PMAX 30.0
#define TAMB 25.0
#define TCORE 37.0
#define C_FILM 1500.0
#define RHOCB (1060.0*3770.0)
#define TAU_NTC 3.0
#define HAMB0 10.0
#define HAMB1 3.0
#define N_HAMB 90000            /* tick at which blanket is put on: 900 s */
#define N_STUCK0 120000         /* heater driver stuck on, 1200..1260 s */
#define N_STUCK1 126000
/* --- heater firmware --- */
#define SP_H 46.0
#define KP_H 0.15
#define KI_H 0.004
#define T_TRIP 52.0
#define T_CLEAR 44.0
#define R25N 10000.0
#define BN 3950.0
#define RPU 10000.0
/* --- motor --- */
#define VBUS 12.0
#define R20 4.0
#define ALPHA 0.00393
#define LM 0.002
#define KE 0.03
#define KT 0.03
#define JM 1.0e-5
#define BV 5.0e-6
#define TCF 2.0e-3
#define NG 60.0
#define ETA 0.7
#define TL0 0.6
#define TL1 0.3
#define W0 5.0
#define CW 15.0
#define CC 100.0
#define RWC 3.0
#define RCA 10.0
#define RCH 20.0
#define SP_M 188.49555921538759  /* 30 rpm output * 60, rad/s at the motor */
#define SLEW 2.0                 /* rad/s per 10 ms tick */
#define KP_M 0.005
#define KI_M 0.05
#define WQ 0.25
/* --- dose --- */
#define LNP 226.78474926986      /* ln(3.1e98) */
#define EA_R 75000.0

static const double TOL[8] = {0.05, 0.01, 0.01, 0.15, 0.30, 0.20, 0.30, 0.20};
static inline uint64_t splitmix64(uint64_t x){ x += 0x9E3779B97F4A7C15ull; x = (x^(x>>30))*0xBF58476D1CE4E5B9ull; x = (x^(x>>27))*0x94D049BB133111EBull; return x^(x>>31); }
/* m[0] heater power, m[1] NTC R25, m[2] NTC B, m[3] fabric k, m[4] contact h, m[5] ambient h, m[6] dermis perfusion, m[7] load torque */
static inline void hpsm_sample(int64_t run, double m[8]){ /* run<0 => nominal */
  for(int p=0;p<8;p++){ if(run<0){m[p]=1.0;continue;} double u=(double)(splitmix64((uint64_t)run*8u+(uint64_t)p)>>11)*0x1p-53; m[p]=1.0+TOL[p]*(2.0*u-1.0); } }

typedef struct { double C[NC], G[NC+1] /* G[j]: between j-1 and j; G[0]=0, G[NC]=deep */, pa[NC] /* W/m2K at base perfusion */, pg[NC] /* vasodilation gain 4 or 0 */, q[NC], T0[NC]; double wb; /* basal = wb*T[7]+(1-wb)*T[8] */ } Stack;
#define IB 7
static void hpsm_stack(const double m[8], Stack*s){
  double dx[NC],k[NC],rc[NC],om[NC],qm[NC]; memset(s,0,sizeof *s);
  for(int j=0;j<NC;j++){ om[j]=0;qm[j]=0;
    if(j==0){dx[j]=0;k[j]=1;rc[j]=0;}
    else if(j<6){dx[j]=0.4e-3;k[j]=0.06*m[3];rc[j]=0.4e6;}
    else if(j<8){dx[j]=40e-6;k[j]=0.235;rc[j]=1200.0*3590.0;}
    else if(j<24){dx[j]=125e-6;k[j]=0.445;rc[j]=1200.0*3300.0;om[j]=0.00125*m[6];qm[j]=200;}
    else if(j<36){dx[j]=10e-3/12;k[j]=0.185;rc[j]=1000.0*2674.0;om[j]=0.0005;qm[j]=180;}
    else {dx[j]=20e-3/12;k[j]=0.51;rc[j]=1085.0*3800.0;om[j]=0.0027;qm[j]=500;}
    s->C[j]= j==0?C_FILM:rc[j]*dx[j]; s->pa[j]=dx[j]*RHOCB*om[j]; s->pg[j]=(j>=8&&j<24)?4.0:0.0; s->q[j]=dx[j]*qm[j]; }
  for(int j=1;j<NC;j++){ double r=dx[j-1]/(2*k[j-1])+dx[j]/(2*k[j]); if(j==6) r+=1.0/(200.0*m[4]); s->G[j]=1.0/r; }
  s->G[NC]=2*k[NC-1]/dx[NC-1];
  double g1=2*k[7]/dx[7], g2=2*k[8]/dx[8]; s->wb=g1/(g1+g2);
  double z=0, Lz=0; for(int j=6;j<NC;j++) Lz+=dx[j];
  for(int j=0;j<NC;j++){ if(j<6){s->T0[j]=TAMB;} else { s->T0[j]=34.0+3.0*(z+dx[j]/2)/Lz; z+=dx[j]; } }
}
typedef struct { double peak_film, peak_basal, end_film, end_basal, cem43, omega, e_heat, peak_wind, e_motor, mean_w; int locks; } Out;
static inline void out_print(const char*tag,const Out*o){
  printf("%s peak_film=%.5f peak_basal=%.5f end_film=%.5f end_basal=%.5f cem43=%.6f omega=%.6e e_heat=%.2f peak_wind=%.5f e_motor=%.3f mean_absw=%.5f locks=%d\n",
    tag,o->peak_film,o->peak_basal,o->end_film,o->end_basal,o->cem43,o->omega,o->e_heat,o->peak_wind,o->e_motor,o->mean_w,o->locks); }
static double LUTT[4096];
static void lut_init(void){ for(int c=0;c<4096;c++){ double x=(c+0.5)/4096.0; double R=RPU*x/(1-x); LUTT[c]=1.0/(1.0/298.15+log(R/R25N)/BN)-273.15; } }
/* controllers (firmware under test) */
typedef struct { double I; double duty; int lock; int locks; } HeatFw;
typedef struct { double I, r; } MotFw;
static inline void heat_fw(HeatFw*f,double Ts,double r25,double b){
  double R=r25*exp(b*(1.0/(Ts+273.15)-1.0/298.15)); int c=(int)floor(4096.0*R/(R+RPU)); c=c<0?0:c>4095?4095:c;
  double Tm=LUTT[c];
  if(!f->lock && Tm>=T_TRIP){f->lock=1;f->locks++;} else if(f->lock && Tm<=T_CLEAR) f->lock=0;
  if(f->lock){f->I=0;f->duty=0;return;}
  double e=SP_H-Tm,u=KP_H*e+f->I; if((u<1||e<0)&&(u>0||e>0)) f->I+=KI_H*e*0.1; f->duty=u<0?0:u>1?1:u; }
static inline double mot_fw(MotFw*f,int n,double w){
  double tgt=((n/6000)&1)?-SP_M:SP_M; double d=tgt-f->r; d=d>SLEW?SLEW:d<-SLEW?-SLEW:d; f->r+=d;
  double wm=floor(w/WQ+0.5)*WQ, e=f->r-wm, u=KP_M*e+f->I; if((u<1||e<0)&&(u>-1||e>0)) f->I+=KI_M*e*0.01;
  u=u<-1?-1:u>1?1:u; return VBUS*u; }
#endif
