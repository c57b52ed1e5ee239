import { useId } from 'react';
import { useStore } from 'zustand';
import { Camera, ChevronDown, Mic, Volume2, type LucideIcon } from 'lucide-react';
import styles from './DeviceSelects.module.css';
import type { LocalMedia } from './localMedia';

/** Which microphone, camera and speaker. Without permission browsers name none. */
export function DeviceSelects({ media }: { media: LocalMedia }) {
  const { devices, preferences, mic, camera } = useStore(media.state);
  return (
    <div className={styles.selects}>
      <DeviceSelect
        label="Microphone"
        Icon={Mic}
        devices={devices.mics}
        chosen={mic.track?.getSettings().deviceId ?? preferences.micId}
        onChoose={(id) => media.chooseMic(id)}
      />
      <DeviceSelect
        label="Camera"
        Icon={Camera}
        devices={devices.cameras}
        chosen={camera.track?.getSettings().deviceId ?? preferences.cameraId}
        onChoose={(id) => media.chooseCamera(id)}
      />
      {devices.speakers.length > 0 && 'setSinkId' in HTMLMediaElement.prototype && (
        <DeviceSelect
          label="Speaker"
          Icon={Volume2}
          devices={devices.speakers}
          chosen={preferences.speakerId}
          onChoose={(id) => media.chooseSpeaker(id)}
        />
      )}
    </div>
  );
}

function DeviceSelect({
  label,
  Icon,
  devices,
  chosen,
  onChoose,
}: {
  label: string;
  Icon: LucideIcon;
  devices: readonly MediaDeviceInfo[];
  chosen: string | undefined;
  onChoose: (id: string) => void;
}) {
  const id = useId();
  const known = devices.some((device) => device.deviceId === chosen);
  return (
    <div className={styles.select}>
      <Icon size={18} aria-hidden />
      <label htmlFor={id} className="visually-hidden">
        {label}
      </label>
      <select
        id={id}
        title={label}
        disabled={devices.length === 0}
        value={known ? chosen : (devices[0]?.deviceId ?? '')}
        onChange={(event) => onChoose(event.target.value)}
      >
        {devices.length === 0 && <option value="">{`${label}: none to choose`}</option>}
        {devices.map((device, i) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || `${label} ${i + 1}`}
          </option>
        ))}
      </select>
      {devices.length > 0 && <ChevronDown size={16} aria-hidden className={styles.chevron} />}
    </div>
  );
}
